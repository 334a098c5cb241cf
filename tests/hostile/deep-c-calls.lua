-- expect: script "stack overflow"
-- Library functions that call back into themselves.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down() return ("x"):gsub("x", down) end
  down()
end
return f
