-- expect: script 7 "mine"
-- The caller is blamed.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function check() error("mine", 2) end
  check()
end
return f
