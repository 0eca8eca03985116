#include <string_view>

#include "fuzz/seeds.h"
#include "recording/choice_channel.h"
#include "recording/settings.h"

namespace lineprof::fuzz {
namespace {

using std::string_literals::operator""s;

// A byte that chooses the format, the first line, the table.
std::string LineTableInput(char format, const std::string& table) {
  return format + "\x07\0\0\0"s + table;
}

}  // namespace

Seeds SettingsSeeds() {
  Settings sampled;
  sampled.directory = "/tmp/lineprof-a";
  sampled.timeline_limit = 1000;
  sampled.by_thread = true;
  Settings traced;
  traced.directory = "/tmp/b;c";
  traced.trace = true;
  traced.trace_filtered = true;
  traced.launcher = 4711;
  return {{"sampled", EncodeSettings(sampled)},
          {"traced", EncodeSettings(traced)},
          {"question", EncodeQuestion({"a.py", "f.<locals>.g", true, "/home", "/usr/lib"})}};
}

Seeds SourceSeeds() {
  return {{"plain", "#!/usr/bin/env python3\n# coding: utf-8\r\nprint('\xc3\xa4')\r\n"},
          {"mark", "\xef\xbb\xbfprint()\r"},
          {"latin1", "# -*- coding: iso-8859-15 -*-\nx = '\xa4'\n"},
          {"stateful", "# coding=iso2022_jp\nx = '\x1b$B$\"\x1b(B'\n"},
          {"japanese", "\f# vim: set fileencoding=shift_jis :\nx = '\x83\x41'\n"},
          {"unknown", "# coding: klingon\nx\n"}};
}

Seeds LineTableSeeds() {
  return {{"lnotab", LineTableInput(0, "\x06\x01\x08\x01\xff\x00\x02\xff"s)},
          {"pep626", LineTableInput(1, "\x04\x01\x02\x80\x08\xfe"s)},
          {"locations",
           LineTableInput(2, "\x80\x00\xd1\x05\x09\xe9\x42\x01\xf2\x03\x01\x02\x03\xf8"s)}};
}

Seeds CommandLineSeeds() {
  return {{"run", "-s\0000.001\0-o\0out.txt\0--per-thread\0script.py\0a"s},
          {"module", "-r\0100\0-o\0a.lineprof\0-o\0%p.json\0-m\0json.tool"s},
          {"filters", "--include\0a.*\0--exclude\0b\0--fold\0c\0--root\0d\0--only\0f\0-c\0pass"s},
          {"times", "--delay\0001\0--duration\0002\0--toggle-signal\0USR1\0-s\0.01\0x.py"s},
          {"attach", "attach\0-s\0000.01\0--duration\0005\0-f\0json\000123"s},
          {"dump", "dump\0--locals\0--json\000123"s},
          {"top", "top\0-i\0002\0--sort\0cpu\0--\0python3\0x.py"s},
          {"report", "report\0a.lineprof\0-o\0a.html\0--clock\0cpu"s},
          {"diff", "diff\0a\0b\0--fail-above\0005\0--all"s},
          {"merge", "merge\0a\0b\0-o\0c"s},
          {"ctl", "ctl\000123\0snapshot\0-o\0x"s},
          {"completion", "--print-completion\0bash"s}};
}

Seeds ProcessFilesSeeds() {
  return {{"stat", "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 2 3"},
          {"status", "Name:\tpython3\nPid:\t7\nNSpid:\t7\t3\t1\nUid:\t0\t0\t0\t0\n"},
          {"maps",
           "55d0a000-55d0c000 r-xp 0000a000 08:01 1234    /usr/bin/python3\n"
           "7f00a000-7f00c000 rw-p 00000000 00:00 0 \n"},
          {"version", "\0003.8.18 (default, Nov 20 2026, 10:00:00) \n[GCC 12.2.0]\0"s}};
}

}  // namespace lineprof::fuzz
