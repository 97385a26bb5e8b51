#!/bin/sh
# Run a command of an environment as on a processor with AVX2 alone: tools/older_processor.sh ENVIRONMENT/bin/COMMAND ...
#
# Networks must train, and committed outputs hold, there too. Where this processor is such a one, the command was run
# on it already, and is not run again.
set -eu
newer='import sys, torch; sys.exit(torch.backends.cpu.get_cpu_capability() in ("AVX2", "DEFAULT"))'
if "${1%/*}/python" -c "$newer"; then
    ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 exec "$@"
fi
echo "not again: this processor has neither AMX nor AVX-512"
