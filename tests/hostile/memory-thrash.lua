-- expect: limit
-- Nearly all memory is in use, and each new table makes Lua collect it all.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local keep = {}
  local function fill(n) for i = 1, n do keep[#keep + 1] = { i } end end
  fill(100000)
  while true do local _ = { {}, {}, {} } fill(10) end
end
return f
