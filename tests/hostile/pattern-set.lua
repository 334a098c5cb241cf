-- expect: limit "steps"
-- A set with many members, read for each letter.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(1 << 20):find("[" .. ("b"):rep(100000) .. "]")
end
return f
