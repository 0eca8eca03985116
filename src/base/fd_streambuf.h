// What a std::ostream needs to write to a descriptor, keeping errno, which std::ofstream hides.
//
// Not an owner: the descriptor stays open. After an error nothing more is written. THREAD: one.
#ifndef LINEPROF_BASE_FD_STREAMBUF_H_
#define LINEPROF_BASE_FD_STREAMBUF_H_

#include <array>
#include <streambuf>

namespace lineprof {

class FdStreambuf : public std::streambuf {
 public:
  explicit FdStreambuf(int fd);

  // Writes what is left. Returns 0, or the errno of the first write that failed.
  int Finish();

 private:
  int sync() override;
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* bytes, std::streamsize size) override;

  int fd_;
  int error_ = 0;
  std::array<char, 65536> buffer_;
};

}  // namespace lineprof

#endif  // LINEPROF_BASE_FD_STREAMBUF_H_
