-- expect: limit "steps"
-- No pattern at all, and yet much to compare.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("a"):rep(1 << 20)
  local part = ("a"):rep(1 << 19) .. "b"
  local _ = s:find(part, 1, true)
end
return f
