// SPDX-License-Identifier: GPL-3.0-or-later
//
// A token that asks long work to stop. Copies share one flag; any thread may cancel, any thread may look.
// Cancelling is final: new work takes a new token.
#pragma once

#include <atomic>
#include <memory>

namespace gatehouse::core {

class CancelToken {
public:
    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    bool isCancelled() const { return m_flag->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic_bool> m_flag = std::make_shared<std::atomic_bool>(false);
};

} // namespace gatehouse::core
