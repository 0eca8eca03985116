"""The main program, with a byte order mark."""
import latin1
latin1.f()   
f()
