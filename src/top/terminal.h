// A terminal as a screen: the one place that knows ncurses.
//
// While one is open the terminal is in its alternate screen, without echo, and gives every key as
// it is (Ctrl-C too is a key, so that it ends top and not the program beside it). The destructor
// gives the terminal back as it was; after a signal that ends top its owner must come to that.
// At most one at a time. THREAD: one.
#ifndef LINEPROF_TOP_TERMINAL_H_
#define LINEPROF_TOP_TERMINAL_H_

#include <memory>
#include <optional>
#include <vector>

#include "lineprof/result.h"
#include "top/controls.h"
#include "top/screen.h"

namespace lineprof {

class Terminal {
 public:
  // Whether TERM names a terminal that can be drawn on. Fails with one line. Descriptions of
  // terminals are looked for where other systems than Debian keep them, too.
  static Result<void> Check();

  // Takes the terminal of the two descriptors (copies of them). Fails with one line.
  static Result<std::unique_ptr<Terminal>> Open(int output, int input);

  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As it is now: it may have been resized.
  ScreenSize Size();

  void Show(const std::vector<ScreenRow>& rows);

  // The next key that was pressed, if there is one. Never waits.
  std::optional<Key> ReadKey();

  // Whether it has been hung up.
  bool IsGone() const;

  // Everything is drawn anew next time.
  void Repaint();

  // Gives the terminal back and stops the process group, as Ctrl-Z does without top; returns when
  // it goes on, with the screen as it was.
  void Suspend();

 private:
  struct State;
  explicit Terminal(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace lineprof

#endif  // LINEPROF_TOP_TERMINAL_H_
