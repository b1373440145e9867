// SPDX-License-Identifier: GPL-3.0-or-later
//
// Result<T> is what every function returns that can fail: a value or an Error. No exception crosses a room's
// door. Functions that return one are marked [[nodiscard]].
#pragma once

#include "core/error.h"

#include <tl/expected.hpp>

namespace gatehouse::core {

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> fail(Code code, QString what, QString detail = {}, QString where = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(detail), std::move(where)});
}

/// A fault of a file of this machine, not of a directory: @p where is its path, @p native an errno.
inline tl::unexpected<Error> failLocally(Code code, QString what, QString detail, QString where, int native = 0)
{
    Error error{code, std::move(what), std::move(detail), std::move(where), native};
    error.isLocal = true;
    return tl::unexpected<Error>(std::move(error));
}

} // namespace gatehouse::core
