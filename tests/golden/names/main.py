import package
print(Number(4).even())


x = f(1, "a,b", 'c;d')  # "quoted" | <tag> & \n
x = f(2)
import package.other
y = bisect([1, 2], 3, key=lambda: "é")
