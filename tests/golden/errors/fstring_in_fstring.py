def f(x):
    print(f"{x + f"{1}"}")
