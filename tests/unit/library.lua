-- The library's own functions and Lua's, given the same: they must give the same, errors and all.
local random = stock.math.random
stock.math.randomseed(20240517)

local function shown(...)
  local parts = stock.table.pack(...)
  for i = 1, parts.n do
    local value = parts[i]
    parts[i] = stock.math.type(value) or type(value)
    if type(value) ~= "table" and type(value) ~= "function" then
      parts[i] = parts[i] .. " " .. stock.string.format("%q", value)
    end
  end
  return stock.table.concat(parts, ", ")
end

-- Without the place. Lua 5.4.4 blames table.remove's first argument for its second.
local function worded(message)
  message = stock.string.gsub(tostring(message), "^[^:]+:%d+: ", "")
  return (stock.string.gsub(message, "#1( to '%?' %(position out of bounds%))", "#2%1"))
end

local compared = 0
local function compare(library, name, ...)
  local expected = stock.table.pack(pcall(stock[library][name], ...))
  local got = stock.table.pack(pcall(own[library][name], ...))
  if not expected[1] then expected[2] = worded(expected[2]) end
  if not got[1] then got[2] = worded(got[2]) end
  local a, b = shown(stock.table.unpack(expected, 1, expected.n)), shown(stock.table.unpack(got,
    1, got.n))
  if a ~= b then
    error(library .. "." .. name .. "(" .. shown(...) .. ")\n  Lua: " .. a .. "\n  own: " .. b, 0)
  end
  compared = compared + 1
end

local function pick(choices) return choices[random(#choices)] end

local function text(pieces, most)
  local all = {}
  for i = 1, random(0, most) do all[i] = pick(pieces) end
  return stock.table.concat(all)
end

-- ---- Patterns ----

local letters = { "a", "b", "a", "b", "c", "(", ")", " ", "1", "%", "\0", "\xC3", "]", "-", "^",
  "A", "\n", "." }
local items = {
  "a", "b", "c", ".", ".", "%a", "%d", "%w", "%s", "%p", "%l", "%u", "%A", "%W", "%x", "%g", "%c",
    "%S", "%%", "%.", "%(",
  "[ab]", "[^a]", "[a-c]", "[%a_]", "[]]", "[^]]", "[a-]", "[%w%-]", "[^%s]", "\xC3", "1", "\0",
    "%z", "[%]]", "[a-%z]", "-",
}
local odd = {
  "(", ")", "()", "%1", "%2", "%b()", "%bab", "%f[a]", "%f[%A]", "%f[^%z]", "$", "^", "*", "%",
    "[", "[^", "%b", "%f", "%0", "%9", "]",
}

local function pattern()
  local all, depth = {}, 0
  if random(6) == 1 then all[1] = "^" end
  for _ = 1, random(0, 6) do
    local chance = random(24)
    if chance == 1 then
      all[#all + 1] = pick(odd)
    elseif chance <= 4 then
      all[#all + 1] = "("
      depth = depth + 1
    elseif chance <= 6 and depth > 0 then
      all[#all + 1] = ")"
      depth = depth - 1
    elseif chance == 7 then
      all[#all + 1] = pick { "%1", "%b()", "%bab", "%f[%w]", "%f[a]", "()", "%f[%W]" }
    else
      all[#all + 1] = pick(items) .. pick { "", "", "*", "+", "-", "?" }
    end
  end
  if random(3) > 1 then all[#all + 1] = stock.string.rep(")", depth) end
  if random(6) == 1 then all[#all + 1] = "$" end
  return stock.table.concat(all)
end

local replacements = { "", "x", "<%0>", "%1", "%2%1", "%%", "%", "%a", "[%1]", 7 }
local tables = { {}, { a = "1", b = "2", ab = 3 }, { a = false, b = true }, { [1] = "one" } }
local functions = {
  function() end,
  function(...) return shown(...) end,
  function(a) return a == "a" and "x" end,
  function() return {} end,
}

local function iterated(library, subject, p, init)
  local all, n = {}, 0
  for a, b, c in library.gmatch(subject, p, init) do
    n = n + 1
    all[n] = shown(a, b, c)
    if n > 100 then break end
  end
  return stock.table.concat(all, "; ")
end
stock.string.all = function(...) return iterated(stock.string, ...) end
own.string.all = function(...) return iterated(own.string, ...) end

for _ = 1, 60000 do
  local subject, p = text(letters, 12), pattern()
  local init = pick { 1, 1, 1, 2, 5, -1, -3, 0, 20, -20, 3 }
  compare("string", "find", subject, p, init)
  compare("string", "find", subject, p, init, true)
  compare("string", "match", subject, p, init)
  compare("string", "all", subject, p, init)
  local most = pick { 0, 1, 2, 1000, -1 }
  compare("string", "gsub", subject, p, pick(replacements))
  compare("string", "gsub", subject, p, pick(tables), most)
  compare("string", "gsub", subject, p, pick(functions), most)
end
for _ = 1, 3000 do -- a part of it, so that it is found
  local subject = text({ "a", "b", "aab" }, 40)
  local from = random(#subject + 1)
  compare("string", "find", subject, stock.string.sub(subject, from, from + random(0,
    6)) .. pick { "", "b" }, random(-3, 5), true)
end
local deep = stock.string.rep
compare("string", "match", deep("a", 300), deep("a-", 250) .. "b")
compare("string", "match", deep("a", 300), deep("a?", 250) .. "b")
compare("string", "match", deep("a", 300), deep("(", 33))
compare("string", "match", deep("a", 40), deep("(a)", 32))
compare("string", "match", deep("a", 40), deep("(a)", 33))
compare("string", "find", "a", {})
compare("string", "gsub", "a", "a")
compare("string", "gsub", "a", "a", true)
compare("string", "gmatch", "a")
compare("string", "find", 1234, 23)
compare("string", "gsub", 1221, 2, 3)

-- ---- Other functions of strings ----

local positions = { 0, 1, 2, 3, 5, 10, -1, -2, -3, -10, stock.math.maxinteger,
  stock.math.mininteger, 2.0, 1.5, "2", "x" }
for _ = 1, 4000 do
  local s = text(letters, 6)
  compare("string", "sub", s, pick(positions), pick(positions))
  compare("string", "sub", s, pick(positions))
  compare("string", "byte", s, pick(positions), pick(positions))
  compare("string", "byte", s)
  compare("string", "upper", s)
  compare("string", "lower", s)
  compare("string", "reverse", s)
  compare("string", "len", s)
  compare("string", "rep", s, random(-1, 5), pick { "", ",", "ab" })
  compare("string", "rep", s, random(-1, 20))
  compare("string", "char", random(0, 260), random(-1, 255))
  compare("string", "format", pick { "%s", "%5s|", "%-5s|", "%q", "%.2s", "%%%s", "%d", "%x",
    "%g", "%5.1f", "%i", "%", "%y", "%c" }, pick { s, 12, -1.5, 1e300, true, 65 })
  compare("string", "pack", pick { "z", "s1", "c10", "i4", "!8 i8 z", "c3", "i17", "<I2", "xxz" },
    pick { s, 12, -1 })
  compare("string", "unpack", pick { "z", "s1", "c3", "i4", "!8 i8", "B", "<I2" },
    s .. "\0\0\0\0\0\0", pick { 1, 2, -1, 99 })
  compare("string", "packsize", pick { "i4", "!8 i1 i8", "c10", "z", "i17" })
end
compare("string", "rep", "x", "3")
compare("string", "rep", 12, 3, 4)
compare("string", "byte")
compare("string", "char")
compare("string", "char", "65")

-- ---- Characters ----

local bytes = { "a", "ä", "€", "\u{1F600}", "\xF8\x88\x80\x80\x80", "\xC3", "\x80",
  "\xED\xA0\x80", "\xC0\x80", "\xFD\xBF\xBF\xBF\xBF\xBF", "\xFE", "" }
local function walked(library, s, lax)
  local all = {}
  for p, c in library.codes(s, lax) do all[#all + 1] = p .. ":" .. c end
  return stock.table.concat(all, " ")
end
stock.utf8.all = function(...) return walked(stock.utf8, ...) end
own.utf8.all = function(...) return walked(own.utf8, ...) end
for _ = 1, 20000 do
  local s, lax = text(bytes, 5), pick { true, false }
  compare("utf8", "len", s, pick(positions), pick(positions), lax)
  compare("utf8", "len", s)
  compare("utf8", "codepoint", s, pick(positions), pick(positions), lax)
  compare("utf8", "offset", s, random(-4, 4), pick(positions))
  compare("utf8", "offset", s, random(-4, 4))
  compare("utf8", "char", random(0, 0x7FFFFFFF), random(0, 300), random(0, 0x11000))
  if own.utf8.len(s) then compare("utf8", "all", s) end
end
compare("utf8", "char")
compare("utf8", "char", -1)
compare("utf8", "char", 1 << 31)
assert(not pcall(own.utf8.all, "\x80") and not pcall(own.utf8.all,
  "a\x80")) -- as later versions of Lua
compare("utf8", "all", "\u{7FFFFFFF}a", true)
assert(own.utf8.charpattern == stock.utf8.charpattern)

-- ---- Tables ----

-- Runs a function of a copy, and gives back the copy, too.
local function on_copy(library, name)
  return function(t, ...)
    local copy, parts = {}, nil
    for k, v in next, t do copy[k] = v end
    parts = stock.table.pack(library[name](copy, ...))
    for i = 1, 12 do parts[parts.n + i] = copy[i] end
    return stock.table.unpack(parts, 1, parts.n + 12)
  end
end
for _, name in next, { "insert", "remove", "sort" } do
  stock.table["copy_" .. name] = on_copy(stock.table, name)
  own.table["copy_" .. name] = on_copy(own.table, name)
end
local function moved(library)
  return function(t, ...)
    local copy = {}
    for k, v in next, t do copy[k] = v end
    local result = library.move(copy, ...)
    return result == copy, stock.table.unpack(copy, -2, 16)
  end
end
stock.table.moved, own.table.moved = moved(stock.table), moved(own.table)
local function less(a, b) return a < b end
local function more(a, b) return a > b end
for _ = 1, 6000 do
  local t, mixed = {}, {}
  for i = 1, random(0, 8) do t[i] = random(1000) end
  for i = 1, random(0, 6) do mixed[i] = pick { 1, "x", 2.5, "", true, "10" } end
  compare("table", "copy_insert", t, pick { 7, "x" })
  compare("table", "copy_insert", t, random(-1, 10), "x")
  compare("table", "copy_remove", t)
  compare("table", "copy_remove", t, random(-1, 10))
  compare("table", "copy_sort", t, pick { less, more, nil })
  compare("table", "moved", t, random(-1, 5), random(-1, 9), random(-1, 9))
  compare("table", "concat", mixed, pick { "", ", ", 1 }, random(-1, 3), random(-1, 7))
  compare("table", "concat", t, ", ")
  compare("table", "unpack", mixed, random(-1, 3), random(-1, 7))
  compare("table", "unpack", mixed)
end
compare("table", "copy_insert", {}, 1, 2, 3)
compare("table", "copy_insert", {})
compare("table", "unpack", {}, 1, 1 << 40)
compare("table", "moved", {}, 1, stock.math.maxinteger, 2)
compare("table", "moved", {}, -2, stock.math.maxinteger, 2)
compare("table", "concat", 1)
compare("table", "concat", { {} })
for _, name in next, { "insert", "remove", "concat", "sort" } do compare("table", name, 5, 1) end
for n = 0, 300 do -- whatever its length, sorted, and equal ones as they were
  local t = {}
  for i = 1, n do t[i] = { random(20), i } end
  own.table.sort(t, function(a, b) return a[1] < b[1] end)
  for i = 2, n do
    assert(t[i - 1][1] < t[i][1] or t[i - 1][1] == t[i][1] and t[i - 1][2] < t[i][2])
  end
end
local lied = { 5, 4, 3, 2, 1 }
own.table.sort(lied, function() return true end)
stock.table.sort(lied)
assert(stock.table.concat(lied) == "12345") -- none is lost
assert(not pcall(own.table.sort, { 1, "x" }))
local by_meta = setmetatable({}, { __len = function() return 3 end, __index = function(_,
  i) return 9 - i end, __newindex = rawset })
own.table.sort(by_meta)
assert(by_meta[1] == 6 and by_meta[3] == 8 and own.table.pack(1, nil).n == 2)

-- ---- Metatables: whatever is done with them, it comes out the same ----

stock.setmetatable, stock.getmetatable, stock.tostring = setmetatable, getmetatable, tostring

-- Errors name no variables.
local function caught(f, ...)
  local result = stock.table.pack(pcall(f, ...))
  for i = 1, result.n do
    if type(result[i]) == "string" then
      result[i] = stock.string.gsub(worded(result[i]), " %([%a ]+ '[^']*'%)", "")
    elseif type(result[i]) == "table" then
      result[i] = "a table"
    end
  end
  return stock.table.unpack(result, 1, result.n)
end

local cases = {
  function(m) -- a class and one that extends it
    local Base, Derived = {}, {}
    Base.__index, Derived.__index = Base, Derived
    function Base:name() return "base " .. self.n end
    function Base.__tostring(o) return "<" .. o.n .. ">" end
    m.setmetatable(Derived, Base)
    function Derived:other() return self:name() .. "!" end
    Derived.__tostring = Base.__tostring
    local o = m.setmetatable({ n = 1 }, Derived)
    return o:name(), o:other(), m.tostring(o), o.missing, m.getmetatable(o) == Derived,
      m.getmetatable(Derived) == Base
  end,
  function(m) -- put in later
    local mt = {}
    local t = m.setmetatable({}, mt)
    function mt.__index(_, k) return k .. "?" end
    function mt.__newindex(o, k, v) rawset(o, k, v * 2) end
    function mt.__call(_, ...) return select("#", ...), ... end
    t.a = 4
    return t.x, t.a, t(1, nil, 3)
  end,
  function(m)
    local log = {}
    local mt = { __newindex = log }
    local t = m.setmetatable({ here = 1 }, mt)
    t.here, t.there = 2, 3
    return t.here, rawget(t, "there"), log.there
  end,
  function(m) -- operators, either operand first
    local mt = {}
    for _, event in next, { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor",
      "bxor", "shl", "shr", "concat" } do
      mt["__" .. event] = function(a, b) return event .. type(a) .. type(b) end
    end
    local t = m.setmetatable({}, mt)
    return t + 1, 1 + t, t - t, t * 2, t / 2, t % 2, t ^ 2, t // 2, t & 1, 1 | t, t ~ 1, t << 1,
      1 >> t, t .. "x", "x" .. t, 1 .. t, "1" + t
  end,
  function(m)
    local t = m.setmetatable({}, { __unm = function() return "unm" end,
      __bnot = function() return "bnot" end, __len = function() return 42 end })
    return -t, ~t, #t, stock.table.concat({}, ","), rawlen(t)
  end,
  function(m) -- comparisons
    local mt = { __eq = function(a, b) return a.v == b.v end, __lt = function(a,
      b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v end }
    local function make(v) return m.setmetatable({ v = v }, mt) end
    local a, b, c = make(1), make(1), make(2)
    return a == b, a ~= b, a == c, a < c, c < a, a <= b, a > c, a >= c, rawequal(a, b), a == 1
  end,
  function(m) -- what is not there
    local t, u = m.setmetatable({}, {}), m.setmetatable({ 1, 2 }, {})
    t.x = 1
    return t.x, t.y, #t, #u, t == u, t == t
  end,
  function(m) return caught(function() return m.setmetatable({}, {}) + 1 end) end,
  function(m) return caught(function() return "x" .. m.setmetatable({}, {}) end) end,
  function(m) return caught(function() return m.setmetatable({}, {}) < m.setmetatable({},
    {}) end) end,
  function(m) return caught(function() return m.setmetatable({}, {}) < 1 end) end,
  function(m) return caught(function() return 1 <= m.setmetatable({}, {}) end) end,
  function(m) return caught(function() return m.setmetatable({}, {})() end) end,
  function(m) return caught(function() return #m.setmetatable({}, { __len = 5 }) end) end,
  function(m) return caught(function() return m.setmetatable({}, {}) & 1 end) end,
  function(m) return caught(function() return -m.setmetatable({}, {}) end) end,
  function(m) return caught(function() return m.setmetatable({}, { __index = 5 }).x end) end,
  function(m) return caught(function() m.setmetatable({}, {})[nil] = 1 end) end,
  function(m) return caught(m.setmetatable, {}, 1) end,
  function(m) return caught(m.setmetatable, 1, {}) end,
  function(m) return caught(m.setmetatable, {}) end,
  function(m) return caught(m.setmetatable, m.setmetatable({}, { __metatable = "mine" }), {}) end,
  function(m)
    local t = m.setmetatable({}, { __metatable = "mine" })
    return m.getmetatable(t), m.getmetatable({}), m.getmetatable(1),
      m.getmetatable(m.setmetatable(m.setmetatable({}, {}), nil))
  end,
  function(m) -- a callable that is called by what is callable
    local inner = m.setmetatable({}, { __call = function(_, a, b) return "called", type(a), b end })
    local outer = m.setmetatable({}, { __call = inner })
    local indexed = m.setmetatable({}, { __index = m.setmetatable({}, { __index = function(_,
      k) return k end }) })
    local summed = m.setmetatable({}, { __add = inner })
    return indexed.deep, caught(function() return outer(1) end), (summed + 2)
  end,
  function(m) -- errors go through
    local t = m.setmetatable({}, { __index = function() error("no", 0) end })
    return caught(function() return t.x end)
  end,
  function(m) -- yields, too
    local t = m.setmetatable({}, {
      __index = function(_, k) return stock.coroutine.yield(k) end,
      __call = function(_, ...) return stock.coroutine.yield(...) end,
      __add = function(a) return stock.coroutine.yield("add") end,
      __lt = function() return stock.coroutine.yield("lt") end,
      __newindex = function(_, k) stock.coroutine.yield(k) end,
    })
    local step = stock.coroutine.wrap(function()
      t.set = 1
      return t.field, t(1, 2), t + 1, t < t
    end)
    return step(), step(), step("a"), step("b"), step("c"), step(true)
  end,
}
for i, case in next, cases do
  local expected, got = shown(caught(case, stock)), shown(caught(case, own))
  if expected ~= got then
    error("case " .. i .. " of metatables\n  Lua: " .. expected .. "\n  own: " .. got, 0)
  end
  compared = compared + 1
end
-- What no script's metatable can do.
local mt = {}
local odd = own.setmetatable({}, mt)
mt.__call, mt.__close, mt.__gc, mt.__mode = odd, print, print, "k"
assert(not pcall(odd) and not pcall(function() local _ <close> = odd end))
mt.__index = odd
assert(not pcall(function() return odd.x end))
for _, event in next, { "__gc", "__mode", "__close" } do assert(not pcall(own.setmetatable, {},
  { [event] = print })) end

-- ---- Random numbers: the same as Lua's for the same seed ----

for _, seed in next, { 0, 1, 42, -7, stock.math.maxinteger } do
  stock.math.randomseed(seed)
  own.math.randomseed(seed)
  for _ = 1, 50 do
    compare("math", "random")
    compare("math", "random", 0)
    compare("math", "random", 10)
    compare("math", "random", -5, 100)
    compare("math", "random", stock.math.mininteger, stock.math.maxinteger)
  end
end
assert(not pcall(own.math.random, 2, 1) and not pcall(own.math.random, -1)
  and not pcall(own.math.randomseed))
compare("math", "random", 1, 2, 3)

print(compared .. " calls gave the same")
