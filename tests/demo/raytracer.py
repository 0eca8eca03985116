"""A small ray tracer: mirrors, shadows and a chequered floor, written to a PPM picture.

Usage: raytracer.py PICTURE [WIDTH]
"""

import math
import sys

BACKGROUND = (0.55, 0.7, 0.9)
LIGHT = (-5.0, 8.0, -6.0)
AMBIENT = 0.15
MAX_BOUNCES = 3
NEAR = 1e-4


def add(a, b):
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def sub(a, b):
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a, factor):
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def normalize(a):
    return scale(a, 1 / math.sqrt(dot(a, a)))


def reflect(direction, normal):
    return sub(direction, scale(normal, 2 * dot(direction, normal)))


class Sphere:
    def __init__(self, center, radius, color, mirror):
        self.center = center
        self.radius = radius
        self.color = color
        self.mirror = mirror

    def intersect(self, origin, direction):
        """The distance along the ray to the sphere, or None."""
        offset = sub(origin, self.center)
        half_b = dot(offset, direction)
        discriminant = half_b * half_b - dot(offset, offset) + self.radius * self.radius
        if discriminant < 0:
            return None
        root = math.sqrt(discriminant)
        for distance in (-half_b - root, -half_b + root):
            if distance > NEAR:
                return distance
        return None

    def normal_at(self, point):
        return normalize(sub(point, self.center))

    def color_at(self, point):
        return self.color


class Floor:
    mirror = 0.1

    def intersect(self, origin, direction):
        if abs(direction[1]) < NEAR:
            return None
        distance = -origin[1] / direction[1]
        return distance if distance > NEAR else None

    def normal_at(self, point):
        return (0.0, 1.0, 0.0)

    def color_at(self, point):
        light = (math.floor(point[0]) + math.floor(point[2])) % 2 == 0
        return (0.9, 0.9, 0.85) if light else (0.2, 0.2, 0.25)


def nearest(scene, origin, direction):
    best, best_distance = None, math.inf
    for thing in scene:
        distance = thing.intersect(origin, direction)
        if distance is not None and distance < best_distance:
            best, best_distance = thing, distance
    return best, best_distance


def in_shadow(scene, point, to_light, light_distance):
    for thing in scene:
        distance = thing.intersect(point, to_light)
        if distance is not None and distance < light_distance:
            return True
    return False


def trace(scene, origin, direction, bounces=0):
    """The color that is seen from `origin` in `direction`."""
    thing, distance = nearest(scene, origin, direction)
    if thing is None:
        return BACKGROUND
    point = add(origin, scale(direction, distance))
    normal = thing.normal_at(point)
    to_light = sub(LIGHT, point)
    light_distance = math.sqrt(dot(to_light, to_light))
    to_light = scale(to_light, 1 / light_distance)
    brightness = AMBIENT
    if not in_shadow(scene, point, to_light, light_distance):
        brightness += (1 - AMBIENT) * max(0.0, dot(normal, to_light))
    color = scale(thing.color_at(point), brightness)
    if thing.mirror and bounces < MAX_BOUNCES:
        seen = trace(scene, point, reflect(direction, normal), bounces + 1)
        color = add(scale(color, 1 - thing.mirror), scale(seen, thing.mirror))
    return color


def make_scene():
    scene = [Floor()]
    for i in range(7):
        angle = 2 * math.pi * i / 7
        center = (2.2 * math.cos(angle), 0.5, 2.2 * math.sin(angle))
        scene.append(Sphere(center, 0.5, (0.3 + 0.1 * i, 0.9 - 0.1 * i, 0.5), 0.2))
    scene.append(Sphere((0.0, 1.2, 0.0), 1.2, (0.9, 0.3, 0.2), 0.5))
    return scene


def render(scene, width, height):
    eye = (0.0, 2.5, -7.0)
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            across = (x - width / 2) / width
            down = (y - height / 2) / width
            color = trace(scene, eye, normalize((across, -down - 0.2, 1.0)))
            pixels.extend(min(255, int(255 * part)) for part in color)
    return pixels


def main():
    width = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    height = width * 2 // 3
    pixels = render(make_scene(), width, height)
    with open(sys.argv[1], "wb") as picture:
        picture.write(b"P6 %d %d 255\n" % (width, height))
        picture.write(pixels)
    print("%s: %d x %d pixels" % (sys.argv[1], width, height))


if __name__ == "__main__":
    main()
