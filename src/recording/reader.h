// Reads a recording file, of an ended or of a running process.
#ifndef LINEPROF_RECORDING_READER_H_
#define LINEPROF_RECORDING_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"
#include "recording/recording.h"

namespace lineprof {

// The ending of a recording's file name.
inline constexpr char kRecordingSuffix[] = ".recording";

// Decodes the recording at `path`. Fails with one line that names the file on anything that is not
// a whole, sound recording of this version; never reads outside the file, whatever is in it.
// THREAD: any.
Result<Recording> ReadRecording(const std::string& path);

// The file's bytes up to the end of its records, as they are now; all, if it is no recording. Fails
// with one line that names it.
Result<std::string> ReadRecordingBytes(const std::string& path);

// The same as ReadRecording, from bytes already in memory; `name` stands for the path in messages.
Result<Recording> DecodeRecording(std::string_view bytes, const std::string& name);

// The recordings in `directory`, sorted by name. Fails if it cannot be listed.
Result<std::vector<std::string>> ListRecordings(const std::string& directory);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_READER_H_
