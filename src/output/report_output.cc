#include "output/report_output.h"

#include <unistd.h>

#include <set>
#include <utility>

namespace lineprof {
namespace {

// `facts` with the first number that no file has.
NameFacts WithFreeNumber(const std::string& name, NameFacts facts) {
  facts.number = 1;
  while (access(ExpandOutputName(name, facts).c_str(), F_OK) == 0) ++facts.number;
  return facts;
}

bool HasCodes(const std::string& name) { return name.find('%') != std::string::npos; }

}  // namespace

Result<std::vector<ReportOutput>> ReportOutput::OpenAll(const std::vector<OutputOptions>& outputs,
                                                        const NameFacts& facts) {
  std::vector<ReportOutput> opened;
  std::set<std::string> paths;
  for (const OutputOptions& options : outputs) {
    ReportOutput output(options);
    const bool has_number = HasNameCode(options.name, 'n');
    Result<OutputFile> file =
        OutputFile::Open(output.Name(has_number ? WithFreeNumber(options.name, facts) : facts));
    if (!file.ok()) return Error{file.error()};
    if (!paths.insert(file.value().path()).second) {
      return Error{"--out " + options.name + " is given twice"};
    }
    if (!HasCodes(options.name)) output.file_ = std::move(file).value();
    opened.push_back(std::move(output));
  }
  return opened;
}

Result<void> ReportOutput::Write(const OutputFile::Report& report, const NameFacts& facts) const {
  if (file_) return file_->Write(report);
  if (!HasNameCode(options_.name, 'n')) {
    const Result<OutputFile> file = OutputFile::Open(Name(facts));
    if (!file.ok()) return Error{file.error()};
    return file.value().Write(report);
  }
  while (true) {  // until nobody was faster
    const Result<OutputFile> file = OutputFile::Open(Name(WithFreeNumber(options_.name, facts)));
    if (!file.ok()) return Error{file.error()};
    const Result<bool> written = file.value().WriteNew(report);
    if (!written.ok()) return Error{written.error()};
    if (written.value()) return {};
  }
}

Result<void> ReportOutput::Write(std::string_view report, const NameFacts& facts) const {
  return Write([&](std::ostream& out) { out << report; }, facts);
}

}  // namespace lineprof
