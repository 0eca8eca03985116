import sys

BODIES = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
    [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037],
    [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011],
    [12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017],
    [15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002],
]


def advance(steps, dt=0.01):
    for _ in range(steps):
        for i, a in enumerate(BODIES):
            for b in BODIES[i + 1:]:
                dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
                mag = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
                am, bm = a[6] * mag, b[6] * mag
                a[3] -= dx * bm
                a[4] -= dy * bm
                a[5] -= dz * bm
                b[3] += dx * am
                b[4] += dy * am
                b[5] += dz * am
        for body in BODIES:
            body[0] += dt * body[3]
            body[1] += dt * body[4]
            body[2] += dt * body[5]


advance(int(500000 * float(sys.argv[1])))
