-- expect: limit "steps"
-- Is it the same?
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("x"):rep(5 << 20), ("x"):rep((5 << 20) - 1) .. "x"
  while true do local _ = a == b end
end
return f
