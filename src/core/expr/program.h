// SPDX-License-Identifier: GPL-3.0-or-later
//
// An expression ready to be evaluated: its tree laid out flat, names of #root numbered, constants and constant
// patterns made once. Immutable after compile(), so any number of threads may evaluate it at once.
#pragma once

#include "core/expr/ast.h"
#include "core/expr/fault.h"
#include "core/expr/library.h"

namespace gatehouse::core::expr {

enum class Op : quint8 {
    Constant,    ///< payload: constant
    List,        ///< operands: elements
    Map,         ///< operands: key, value, ...
    NewArray,    ///< payload: element Kind; operands: sizes
    ArrayOf,     ///< payload: element Kind; operands: elements; the first one is the declared size when sized
    RootName,    ///< payload: slot
    ElementName, ///< payload: name
    Root,
    This,
    Call,    ///< payload: call site
    Path,    ///< operands: start, steps
    And,
    Or,
    Binary,  ///< payload: first of its operators
    Prefix,  ///< payload: its operator
    Ternary,
    Elvis,
    // Steps of a Path
    Property,    ///< payload: name
    Index,       ///< operand: the index
    NamedIndex,  ///< payload: name, the key when what is indexed is a map; operand: the index otherwise
    Select,
    SelectFirst,
    SelectLast,
    Project,
};

struct Instruction {
    Op op = Op::Constant;
    bool sized = false;
    quint16 count = 0;   ///< operands
    quint32 first = 0;   ///< first operand in Program::operands
    quint32 payload = 0;
    quint32 regex = 0;   ///< Constant after 'matches': number of its regular expression, counted from 1
    int offset = 0;      ///< place in the expression's text
    int length = 0;
};

struct CallSite {
    const FunctionDescription *function = nullptr;
    std::shared_ptr<const Prepared> prepared;
};

class Regex; // regex.h

struct Program {
    std::vector<Instruction> instructions; ///< the last one is the whole expression
    std::vector<quint32> operands;
    std::vector<Value> constants;
    std::vector<OperatorPlace> operators;
    std::vector<CallSite> calls;
    std::vector<std::shared_ptr<const Regex>> regexes;
    QStringList names;      ///< names read from elements and maps
    QStringList rootNames;  ///< names read from #root, by slot
    QStringList references; ///< paths read from #root, with dots
    bool readsWholeRoot = false;

    /// The regular expression that a constant is, nullptr for anything else.
    const Regex *regexOf(const Instruction &instruction) const
    {
        return instruction.regex == 0 ? nullptr : regexes[instruction.regex - 1].get();
    }
    const Instruction &top() const { return instructions.back(); }
    const Instruction &operand(const Instruction &of, int index) const
    {
        return instructions[operands[of.first + quint32(index)]];
    }
};

/// @p tree must have parsed without faults. Appends to @p faults what constant arguments make impossible, such as a
/// regular expression that is none.
Program compile(const Node &tree, QList<Fault> &faults);

} // namespace gatehouse::core::expr
