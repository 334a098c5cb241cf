-- expect: limit "steps"
-- Two long strings that are the same to the end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("x"):rep(5 << 20) .. "a", ("x"):rep(5 << 20) .. "b"
  while true do local _ = a < b end
end
return f
