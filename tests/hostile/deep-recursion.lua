-- expect: limit 6 "memory"
-- Calls without end, until memory is full.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down() return 1 + down() end
  down()
end
return f
