-- expect: limit "steps"
-- A long key, found by comparing.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("x"):rep(5 << 20), ("x"):rep((5 << 20) - 1) .. "x"
  local t = { [a] = 1 }
  while true do local _ = t[b] end
end
return f
