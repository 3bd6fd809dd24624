def f(x: "float", y: "float"):
    z = np.complex128(complex(x, y))
    return np.arctan(z).real, np.arctanh(z).imag, np.isnan(z), np.conj(z)


#> 0.0, 1.0
#> 1.0, 0.0
#> 0.0, 0.0

#| (float64(0.0), float64(0.7853981633974483), bool_(False), complex128(0.0|-1.0))
#| (float64(0.7853981633974483), float64(0.0), bool_(False), complex128(1.0|-0.0))
#| (float64(0.0), float64(0.0), bool_(False), complex128(0.0|-0.0))
