-- expect: script 6 "too many results"
-- A hundred million values.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = table.unpack({}, 1, 100000000)
end
return f
