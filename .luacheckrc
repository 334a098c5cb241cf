-- A format sees what the library gives it and nothing else: no io, no os, no load.
std = {
  read_globals = {
    "assert", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall", "print",
    "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "string",
    "table", "tonumber", "tostring", "type", "utf8", "_G", "_VERSION",
  },
}
max_line_length = 130
