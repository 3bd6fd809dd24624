/* The largest error of computed values, in units of the last place, beside functions of more precision:
   `long double` for float64, which has to be longer, and float64 for float32. Called by accuracy.py. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

_Static_assert(LDBL_MANT_DIG >= 64, "long double has no more precision than double");

typedef long double Wide;

static const struct {
    const char *name;
    Wide (*wide)(Wide);
    double (*of_double)(double);
} UNARY[] = {
    {"exp", expl, exp},       {"exp2", exp2l, exp2},    {"expm1", expm1l, expm1}, {"log", logl, log},
    {"log2", log2l, log2},    {"log10", log10l, log10}, {"log1p", log1pl, log1p}, {"sin", sinl, sin},
    {"cos", cosl, cos},       {"tan", tanl, tan},       {"asin", asinl, asin},    {"acos", acosl, acos},
    {"atan", atanl, atan},    {"sinh", sinhl, sinh},    {"cosh", coshl, cosh},    {"tanh", tanhl, tanh},
    {"asinh", asinhl, asinh}, {"acosh", acoshl, acosh}, {"atanh", atanhl, atanh}, {"cbrt", cbrtl, cbrt},
    {"erf", erfl, erf},       {"erfc", erfcl, erfc},    {"sqrt", sqrtl, sqrt},    {"floor", floorl, floor},
    {"ceil", ceill, ceil},    {"rint", rintl, rint},
};

static const struct {
    const char *name;
    Wide (*wide)(Wide, Wide);
    double (*of_double)(double, double);
} BINARY[] = {{"pow", powl, pow}, {"atan2", atan2l, atan2}, {"hypot", hypotl, hypot}};

static int find_unary(const char *name) {
    for (int k = 0; k < (int)(sizeof UNARY / sizeof *UNARY); k++)
        if (!strcmp(UNARY[k].name, name))
            return k;
    return -1;
}

static int find_binary(const char *name) {
    for (int k = 0; k < (int)(sizeof BINARY / sizeof *BINARY); k++)
        if (!strcmp(BINARY[k].name, name))
            return k;
    return -1;
}

/* How far `got`, of `digits` bits and exponents up to `top`, is from `exact`. What is wrong in kind (a nan, an
   infinity, the sign of a zero) is infinitely far. An infinity counts as the number after the largest. */
static Wide apart(Wide got, Wide exact, int digits, int top) {
    if (isnan(got) || isnan(exact))
        return isnan(got) && isnan(exact) ? 0 : INFINITY;
    if (!signbit(got) != !signbit(exact))
        return INFINITY;
    got = fabsl(got), exact = fabsl(exact);
    Wide end = ldexpl(1, top);
    if (isinf(exact))
        return isinf(got) ? 0 : INFINITY;
    got = fminl(got, end), exact = fminl(exact, end);
    int exponent;
    frexpl(exact, &exponent);
    if (exact == 0 || exponent < 3 - top)
        exponent = 3 - top;
    if (exponent > top)
        exponent = top;
    return ldexpl(fabsl(got - exact), digits - exponent);
}

/* The largest error of `n` values, if it exceeds `worst`, and where it is. */
double worst_double(const char *name, const double *x, const double *y, const double *got, int64_t n, double worst,
                    int64_t *at) {
    int unary = find_unary(name), binary = find_binary(name);
    for (int64_t k = 0; k < n; k++) {
        Wide exact = unary >= 0 ? UNARY[unary].wide(x[k]) : BINARY[binary].wide(x[k], y[k]);
        Wide error = apart(got[k], exact, DBL_MANT_DIG, DBL_MAX_EXP);
        if (error > worst)
            worst = error, *at = k;
    }
    return worst;
}

double worst_float(const char *name, const float *x, const float *y, const float *got, int64_t n, double worst,
                   int64_t *at) {
    int unary = find_unary(name), binary = find_binary(name);
    for (int64_t k = 0; k < n; k++) {
        double exact = unary >= 0 ? UNARY[unary].of_double(x[k]) : BINARY[binary].of_double(x[k], y[k]);
        /* Most are the exact value, or that rounded and so half a unit away at most: no need to look. */
        double wide = got[k];
        float rounded = exact;
        if ((worst >= 0 && !memcmp(&wide, &exact, sizeof wide)) ||
            (worst >= 0.5 && (!memcmp(&got[k], &rounded, sizeof rounded) || (isnan(got[k]) && isnan(rounded)))))
            continue;
        Wide error = apart(got[k], exact, FLT_MANT_DIG, FLT_MAX_EXP);
        if (error > worst)
            worst = error, *at = k;
    }
    return worst;
}

/* The reference itself, in two parts. */
void reference(const char *name, double x, double y, double *high, double *low) {
    int unary = find_unary(name), binary = find_binary(name);
    Wide exact = unary >= 0 ? UNARY[unary].wide(x) : BINARY[binary].wide(x, y);
    *high = exact;
    *low = isfinite(*high) ? exact - *high : 0;
}
