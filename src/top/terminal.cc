#include "top/terminal.h"

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr int kEscapeDelayMs = 25;  // after which an escape is a key, not the begin of one

// Where systems keep descriptions of terminals; a static ncurses knows Debian's places only. The
// empty name stands for those.
constexpr char kTerminfoVariable[] = "TERMINFO_DIRS";
constexpr char kTerminfoDirectories[] =
    ":/usr/share/terminfo:/lib/terminfo:/etc/terminfo:/usr/lib/terminfo:/usr/local/share/terminfo:"
    "/usr/share/lib/terminfo:/run/current-system/sw/share/terminfo";

struct CloseFile {
  void operator()(FILE* file) const { fclose(file); }
};
using OwnedFile = std::unique_ptr<FILE, CloseFile>;

OwnedFile OpenCopy(int descriptor, const char* mode) {
  UniqueFd copy(dup(descriptor));
  OwnedFile file(copy.ok() ? fdopen(copy.get(), mode) : nullptr);
  if (file) copy.Release();
  return file;
}

attr_t AttributesOf(Style style) {
  switch (style) {
    case Style::kTitle:
      return A_BOLD;
    case Style::kHeading:
      return A_REVERSE;
    case Style::kQuiet:
      return A_DIM;
    case Style::kNotice:
      return A_BOLD | A_REVERSE;
    case Style::kPlain:
      break;
  }
  return A_NORMAL;
}

Key KeyOf(wint_t code) {
  switch (code) {
    case KEY_UP:
      return kKeyUp;
    case KEY_DOWN:
      return kKeyDown;
    case KEY_LEFT:
      return kKeyLeft;
    case KEY_RIGHT:
      return kKeyRight;
    case KEY_PPAGE:
      return kKeyPageUp;
    case KEY_NPAGE:
      return kKeyPageDown;
    case KEY_HOME:
      return kKeyHome;
    case KEY_END:
      return kKeyEnd;
    case KEY_BACKSPACE:
      return kKeyBackspace;
    case KEY_ENTER:
      return kKeyEnter;
    default:
      return kKeyResize;  // KEY_RESIZE, and keys of no meaning here
  }
}

// Text in another locale than one of UTF-8 is what C.UTF-8 makes of it if there is no locale at
// all, as in containers: the terminal is one of UTF-8 nearly always then.
void ChooseLocale() {
  setlocale(LC_CTYPE, "");
  const char* locale = setlocale(LC_CTYPE, nullptr);
  const bool is_none = std::strcmp(locale, "C") == 0 || std::strcmp(locale, "POSIX") == 0;
  if (is_none) setlocale(LC_CTYPE, "C.UTF-8");
}

// Lets ncurses look there while it lives, if the user has not said where to look.
class MoreTerminfoDirectories {
 public:
  MoreTerminfoDirectories() : is_set_(std::getenv(kTerminfoVariable) == nullptr) {
    if (is_set_) setenv(kTerminfoVariable, kTerminfoDirectories, 1);
  }
  ~MoreTerminfoDirectories() {
    if (is_set_) unsetenv(kTerminfoVariable);
  }
  MoreTerminfoDirectories(const MoreTerminfoDirectories&) = delete;
  MoreTerminfoDirectories& operator=(const MoreTerminfoDirectories&) = delete;

 private:
  bool is_set_;
};

bool IsKnown() {
  int error = 0;
  const bool known = setupterm(nullptr, STDOUT_FILENO, &error) == OK;
  if (known) del_curterm(set_curterm(nullptr));
  return known;
}

}  // namespace

struct Terminal::State {
  OwnedFile output;
  OwnedFile input;
  SCREEN* screen = nullptr;
  termios settings{};
  bool has_settings = false;
};

Result<void> Terminal::Check() {
  const char* name = std::getenv("TERM");
  if (name == nullptr || *name == '\0') return Error{"TERM is not set"};
  const MoreTerminfoDirectories directories;
  if (IsKnown()) return {};
  return Error{"TERM '" + std::string(name) + "' is no terminal that is known here"};
}

Result<std::unique_ptr<Terminal>> Terminal::Open(int output, int input) {
  ChooseLocale();
  auto state = std::make_unique<State>();
  state->output = OpenCopy(output, "w");
  state->input = OpenCopy(input, "r");
  if (!state->output || !state->input) {
    return Error{"cannot use the terminal: " + ErrnoText(errno)};
  }
  state->has_settings = tcgetattr(output, &state->settings) == 0;
  const MoreTerminfoDirectories directories;
  state->screen = newterm(nullptr, state->output.get(), state->input.get());
  if (state->screen == nullptr) return Error{"the terminal cannot be drawn on"};
  set_term(state->screen);
  raw();
  noecho();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(kEscapeDelayMs);
  curs_set(0);
  return std::unique_ptr<Terminal>(new Terminal(std::move(state)));
}

Terminal::Terminal(std::unique_ptr<State> state) : state_(std::move(state)) {}

Terminal::~Terminal() {
  endwin();
  delscreen(state_->screen);
  // What ncurses does too, but from settings that were read before it had a hand in them.
  if (state_->has_settings) {
    tcsetattr(fileno(state_->output.get()), TCSADRAIN, &state_->settings);
  }
}

ScreenSize Terminal::Size() {
  winsize size{};
  const bool known = ioctl(fileno(state_->output.get()), TIOCGWINSZ, &size) == 0;
  const bool is_new =
      known && size.ws_row > 0 && size.ws_col > 0 && (size.ws_row != LINES || size.ws_col != COLS);
  if (is_new) resizeterm(size.ws_row, size.ws_col);
  return {static_cast<size_t>(COLS), static_cast<size_t>(LINES)};
}

void Terminal::Show(const std::vector<ScreenRow>& rows) {
  erase();
  for (size_t i = 0; i < rows.size(); i++) {
    const attr_t attributes = AttributesOf(rows[i].style);
    attrset(static_cast<int>(attributes));
    move(static_cast<int>(i), 0);
    addstr(rows[i].text.c_str());
    // A heading is a bar over the whole width.
    if (rows[i].style == Style::kHeading) chgat(-1, attributes, 0, nullptr);
  }
  refresh();
}

std::optional<Key> Terminal::ReadKey() {
  wint_t code = 0;
  switch (get_wch(&code)) {
    case OK:
      break;
    case KEY_CODE_YES:
      return KeyOf(code);
    default:
      return std::nullopt;
  }
  if (code == '\r') return kKeyEnter;
  if (code == 0x7f || code == '\b') return kKeyBackspace;
  return static_cast<Key>(code);
}

bool Terminal::IsGone() const {
  termios settings{};
  return tcgetattr(fileno(state_->input.get()), &settings) != 0;
}

void Terminal::Repaint() { clearok(stdscr, TRUE); }

// ncurses' own handler gives the terminal back, stops this process, and takes it again.
void Terminal::Suspend() {
  kill(0, SIGTSTP);
  Repaint();
}

}  // namespace lineprof
