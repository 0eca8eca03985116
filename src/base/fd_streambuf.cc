#include "base/fd_streambuf.h"

#include <algorithm>
#include <string_view>

#include "base/file.h"

namespace lineprof {

FdStreambuf::FdStreambuf(int fd) : fd_(fd) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

int FdStreambuf::Finish() {
  sync();
  return error_;
}

int FdStreambuf::sync() {
  if (error_ == 0) {
    error_ = WriteAll(fd_, std::string_view(pbase(), static_cast<size_t>(pptr() - pbase())));
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0 ? 0 : -1;
}

FdStreambuf::int_type FdStreambuf::overflow(int_type c) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

// Large pieces go past the buffer.
std::streamsize FdStreambuf::xsputn(const char* bytes, std::streamsize size) {
  if (size <= epptr() - pptr()) {
    std::copy_n(bytes, size, pptr());
    pbump(static_cast<int>(size));
    return size;
  }
  if (sync() != 0) return 0;
  error_ = WriteAll(fd_, std::string_view(bytes, static_cast<size_t>(size)));
  return error_ == 0 ? size : 0;
}

}  // namespace lineprof
