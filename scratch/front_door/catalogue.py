"""How what is printed is looked up in a catalogue of gettext.

In a message {0}, {1}, ... stand for what the code puts in: a number, a
name, or another message.
"""

import re
from collections.abc import Iterator
from functools import cache

from scratch.front_door.wrapping import width

# What stands between two messages on one line, and the same in Chinese.
# A sentence has its full stop in its message.
BETWEEN = {"(?<=[.?!]) ": "", ": ": "\uff1a", "; ": "\uff1b",
           " \u00b7 ": " \u00b7 ", ", ": "\uff0c"}
# And between names.
LIST = "\u3001"
# What begins so is the end of a longer line.
ENDS = (" ", ",", ";", ".", ":")
# A word alone that is put in is a name, but for these.
ALONE = ("evaluation", "none", "nothing", "large", "small", "infinite",
         "value")
NUMBER = re.compile(r"\{\d+\}")
# Between two words of Chinese; one is round a name or a number.
BLANK = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
# What Python says of an error, and the line that raised it.
RAISED = re.compile(
    r"(\w*(?:Error|Exception|Warning): )(.*?)( \(line \d+: .*\))?")
# Names in a row are no words, whatever they say.
ROW = re.compile(r"[\w./-]+(, [\w./-]+)+")
# Several names that get their values at once.
NAMES = re.compile(r"\w+(, \w+)+ = ")
# A changed line in a patch is code.
CODE = ("- ", "+ ")


class Catalogue:
    """The messages of a language. To call it translates a text.

    What has no message stays as it is.
    """

    def __init__(self, messages: dict[str, str]):
        messages = {message.removesuffix(":"):
                    translation.removesuffix("\uff1a")
                    if message.endswith(":") else translation
                    for message, translation in messages.items()}
        self.whole = {message: translation for message, translation
                      in messages.items() if "{" not in message}
        self.patterns = [
            (_pattern(message), translation) for message, translation
            in sorted(messages.items(), key=_order)
            if message.startswith(ENDS) and "{" not in message
            or _has_values(message)]
        # A line is split in many ways, into the same parts.
        self._phrase = cache(self._look_up)

    def __call__(self, text: str) -> str:
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        words = line.strip()
        if not words or words.startswith(CODE):
            return line
        found = self._phrase(words)
        if found == words:
            found = self._cells(words)
        return line.replace(words, found, 1)

    def _look_up(self, words: str) -> str:
        """Of all that the catalogue offers, what is least English."""
        if words in self.whole:
            return self.whole[words]
        if ROW.fullmatch(words):
            return words
        raised = RAISED.fullmatch(words)
        if raised:
            return self._raised(*raised.groups(""))
        found = min([*self._matches(words), *self._parts(words)],
                    key=_left, default=words)
        # If nothing says more in Chinese, it stays as it is.
        return found if _left(found)[0] < _left(words)[0] else words

    def _raised(self, name: str, said: str, line: str) -> str:
        """A message of our own is translated; Python's is English."""
        for found in self.whole.get(said, ""), *self._matches(said):
            if found and not re.search("[a-z] [a-z]", found):
                said = found
                break
        # The end of a line is looked up with something before it.
        return name + said + self._phrase("0" + line)[1:]

    def _parts(self, words: str) -> Iterator[str]:
        """Messages in quotes, before a colon, or one after another."""
        if "  " in words:
            return
        if len(words) > 2 and words[0] == words[-1] == '"':
            yield f"\u201c{self._phrase(words[1:-1])}\u201d"
        if words.endswith(":"):
            yield self._phrase(words[:-1]) + "\uff1a"
        names = NAMES.match(words)
        for between, chinese in BETWEEN.items():
            for mark in re.finditer(between, words):
                if names and mark.end() < names.end():
                    continue
                left, right = words[:mark.start()], words[mark.end():]
                if RAISED.search(left + mark.group()):
                    break
                # What is in brackets is code, and stays whole.
                if len(re.findall(r"[(\[]", left)) == len(
                        re.findall(r"[)\]]", left)):
                    comma = chinese if between == ", " else LIST
                    yield chinese.join(self._side(side, comma)
                                       for side in (left, right))
                    break

    def _side(self, words: str, comma: str) -> str:
        """A part of a line; names in a row have its comma."""
        if ROW.fullmatch(words):
            return words.replace(", ", comma)
        found = self._phrase(words)
        code = found != words or re.search(r"[([=]", words)
        return found if code else words.replace(", ", BETWEEN[", "])

    def _value(self, value: str) -> str:
        """What is put in: names, a message, or anything."""
        if ROW.fullmatch(value):
            return self._side(value, LIST)
        return (self._phrase(value) if " " in value or value in ALONE
                else value)

    def _matches(self, words: str) -> Iterator[str]:
        """By each pattern that has columns if the line has them."""
        for pattern, translation in self.patterns:
            match = pattern.fullmatch(words)
            if not match or ("  " in words) > ("  " in translation):
                continue
            groups = match.groups("")
            # Nothing of ours comes behind an error of Python's.
            if not RAISED.search(" ".join(groups[:-1])):
                before, *values = map(self._value, groups)
                text = before + translation.format(*values)
                yield BLANK.sub("", text)

    def _cells(self, words: str) -> str:
        """A label and its text, or the heads of a table.

        The text stays where it starts, a head but the first where it
        ends.
        """
        cells = re.split("( {2,})", words)
        heads = len(cells) > 3
        line = ""
        for i, cell in enumerate(cells[::2]):
            start = width("".join(cells[:2 * i]))
            found = self._phrase(cell)
            if heads and i:
                start += width(cell) - width(found)
            line += " " * max(start - width(line), i and 1) + found
        return line


def _has_values(message: str) -> bool:
    """{0}, {1}, ... and no {name}, as on a page, or \\frac{1}{2}."""
    numbers = NUMBER.findall(message)
    return bool(numbers) and "{" not in NUMBER.sub("", message) and (
        numbers == [f"{{{i}}}" for i in range(len(numbers))])


def _pattern(message: str) -> re.Pattern[str]:
    """What the message matches. Group 1: what comes before it."""
    before = "(.+?)" if message.startswith(ENDS) else "()"
    # What is put in does not end with a colon; code in brackets may.
    first, *rest = map(re.escape, NUMBER.split(message))
    return re.compile(before + first + "".join(
        ("(.*?)" if text == r"\)" else "(|.*?[^:])") + text
        for text in rest))


def _order(item: tuple[str, str]) -> tuple[int, bool]:
    """First what says most, and what is put around a message."""
    return (-len(NUMBER.sub("", item[0])),
            not item[0].startswith("{"))


def _left(text: str) -> tuple[int, int]:
    """How much of a text is still in English: letters, then stops."""
    return (len(re.findall("[A-Za-z]", text)),
            len(re.findall("[:,] ", text)))
