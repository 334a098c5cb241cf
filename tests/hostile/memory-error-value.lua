-- expect: limit "memory"
-- An error message that fills all memory.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(6 << 20)
  local function say(n) return error(s .. n .. s, 0) end
  local t = {}
  while true do t[#t + 1] = select(2, pcall(say, #t)) end
end
return f
