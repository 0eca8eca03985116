"""The flame graph in a browser: it is drawn, it zooms, it finds, and it loads nothing."""

import os
import re
import unittest
import xml.dom.minidom

import readers
import support

CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
# What a user does, between the graph's own script and the end of the document.
DO = "<script><![CDATA[\n%s\n]]></script></svg>"
HELPERS = """
const frame = (name) => [...document.querySelectorAll(".frame")].find(
    (group) => group.querySelector("title").textContent.startsWith(name + " "));
const click = (element) => element.dispatchEvent(new MouseEvent("click", {bubbles: true}));
const point = (element) => element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
const button = (id) => document.getElementById(id);
const look_for = (pattern) => { window.prompt = () => pattern; click(button("search")); };
"""


class Flamegraph(support.TestCase):
    def setUp(self):
        super().setUp()
        self.chromium = readers.need("chromium")
        script = support.program("readers/main.py")
        done = self.sample("-q", "-f", "flamegraph", "-o", "out.svg", script)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.svg = self.read("out.svg")

    def browser(self, *arguments):
        profile = "--user-data-dir=" + self.path("chromium")
        return readers.output(self.chromium, *CHROMIUM, profile, *arguments)

    def after(self, actions):
        """The document as the browser has it after `actions`."""
        self.write("done.svg", self.svg.replace("</svg>", DO % (HELPERS + actions)))
        text = self.browser("--dump-dom", "file://" + self.path("done.svg"))
        return xml.dom.minidom.parseString(text[text.index("<svg") :])

    @staticmethod
    def frames(document):
        """Frames that are shown: name, class, pixels from left, width, label."""
        found = []
        for group in document.getElementsByTagName("g"):
            classes = group.getAttribute("class").split()
            if "frame" not in classes or "hidden" in classes:
                continue
            name = group.getElementsByTagName("title")[0].firstChild.data.split(" (")[0]
            box = group.getElementsByTagName("rect")[0]
            label = group.getElementsByTagName("text")[0].firstChild
            found.append(
                (
                    name,
                    classes,
                    float(box.getAttribute("x")),
                    float(box.getAttribute("width")),
                    label.data if label else "",
                )
            )
        return found

    @staticmethod
    def text(document, identity):
        for element in document.getElementsByTagName("text"):
            if element.getAttribute("id") == identity:
                return element.firstChild.data if element.firstChild else ""
        raise AssertionError("no text with id %r" % identity)

    def test_is_one_well_formed_file_that_loads_nothing(self):
        xml.dom.minidom.parseString(self.svg.encode())
        addresses = set(re.findall(r"[a-z]+://[^\s\"']+", self.svg))
        self.assertEqual(addresses, {"http://www.w3.org/2000/svg"})
        self.assertNotIn("href", self.svg)

    def test_is_drawn(self):
        image = self.path("shot.png")
        arguments = ["--window-size=1220,400", "--screenshot=" + image]
        self.browser(*arguments, "file://" + self.path("out.svg"))
        blank = self.path("blank.png")
        self.write("blank.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
        self.browser(arguments[0], "--screenshot=" + blank, "file://" + self.path("blank.svg"))
        self.assertGreater(os.path.getsize(image), 3 * os.path.getsize(blank))

    def test_shows_all_without_zoom(self):
        frames = self.frames(self.after(""))
        self.assertEqual(frames[0][0].split("\n")[0], "all")
        self.assertAlmostEqual(frames[0][3], 1180, delta=0.1)
        names = {frame[0] for frame in frames}
        self.assertLessEqual({"work", "wait", "fib", "fläche", "<module>"}, names)

    def test_zooms_and_back(self):
        frames = {frame[0]: frame for frame in self.frames(self.after('click(frame("work"));'))}
        self.assertNotIn("wait", frames)
        _, classes, left, width, label = frames["work"]
        self.assertNotIn("parent", classes)
        self.assertAlmostEqual(left, 10, delta=0.1)
        self.assertAlmostEqual(width, 1180, delta=0.1)
        self.assertTrue(label.startswith("work ("), label)
        self.assertIn("parent", frames["Thread.run" if "Thread.run" in frames else "run"][1])
        again = self.after('click(frame("work")); click(button("reset"));')
        self.assertEqual(self.frames(again), self.frames(self.after("")))

    def test_searches_and_forgets(self):
        document = self.after('look_for("^fib|fl.che");')
        matches = {frame[0] for frame in self.frames(document) if "match" in frame[1]}
        self.assertEqual(matches, {"fib", "fläche"})
        self.assertRegex(self.text(document, "matched"), r"^Matched: \d+\.\d\d %$")
        document = self.after('look_for("fib"); click(button("search"));')
        self.assertFalse([frame for frame in self.frames(document) if "match" in frame[1]])
        self.assertEqual(self.text(document, "matched"), "")
        self.assertIn("egular expression", self.text(self.after('look_for("(");'), "details"))

    def test_tells_what_the_pointer_is_on(self):
        details = self.text(self.after('point(frame("wait"));'), "details")
        self.assertRegex(details, r"^wait \(.*main.py:24\)  [\d.]+ s, [\d.]+ %$")


if __name__ == "__main__":
    unittest.main()
