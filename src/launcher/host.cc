#include "launcher/host.h"

#include <stdlib.h>
#include <sys/utsname.h>

namespace lineprof {

std::string HostName() {
  utsname names{};
  return uname(&names) == 0 ? names.nodename : "";
}

std::string JobRank() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"}) {
    const char* rank = getenv(name);
    if (rank != nullptr && *rank != '\0') return rank;
  }
  return "";
}

}  // namespace lineprof
