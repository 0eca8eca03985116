// What a running interpreter's module `sys` says of where it is installed.
//
// Read from the dict of the main interpreter, as ObjectReader reads. THREAD: one.
#ifndef LINEPROF_ATTACH_SYSTEM_FACTS_H_
#define LINEPROF_ATTACH_SYSTEM_FACTS_H_

#include "attach/target.h"
#include "pyruntime/library_directories.h"

namespace lineprof {

// What cannot be read is empty.
InstallationFacts ReadInstallationFacts(const Target& target);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_SYSTEM_FACTS_H_
