def f(x):
    print(f"{x + f"{1}"}")

#| accepted
#| (def f (x)
#|   (expr (call print (fstring {(+ x (fstring {1}))}))))
