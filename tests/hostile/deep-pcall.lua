-- expect: script
-- pcall in itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down() local ok, why = pcall(down) error(why, 0) end
  down()
end
return f
