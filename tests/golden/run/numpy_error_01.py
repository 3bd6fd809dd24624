def f():
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    return np.concatenate((B, B[:, :2]))


#>

#| ValueError("all the input array dimensions except for the concatenation axis must match exactly, but along dimension 1, the array at index 0 has size 3 and the array at index 1 has size 2") line 3
