# coding: klingon
x = "é"
