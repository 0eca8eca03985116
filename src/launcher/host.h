// Where lineprof runs: the machine, and the place in a parallel job.
//
// THREAD: any, while nobody changes the environment.
#ifndef LINEPROF_LAUNCHER_HOST_H_
#define LINEPROF_LAUNCHER_HOST_H_

#include <string>

namespace lineprof {

// The machine's node name, as uname(2) tells it.
std::string HostName();

// The process's rank, as Open MPI, other PMIx and PMI launchers or Slurm tell it; empty outside a
// job.
std::string JobRank();

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_HOST_H_
