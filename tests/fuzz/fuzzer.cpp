// SPDX-License-Identifier: GPL-3.0-or-later
//
// libFuzzer's way in. FUZZ_TARGETS names the list and FUZZ_TARGET the one in it; see tests/fuzz/CMakeLists.txt.
#include "tests/fuzz/target.h"

#include <cstdint>
#include <cstdio>
#include <cstring>

using gatehouse::fuzz::Target;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Target target = [] {
        for (const Target &one : gatehouse::fuzz::FUZZ_TARGETS()) {
            if (std::strcmp(one.name, FUZZ_TARGET) == 0)
                return one;
        }
        std::fprintf(stderr, "there is no target " FUZZ_TARGET "\n");
        std::abort();
    }();
    target.run(QByteArrayView(data, qsizetype(size)));
    return 0;
}
