-- expect: limit "steps"
-- Brackets that never close, looked for from each of them.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("("):rep(1 << 20):match("%b()x")
end
return f
