-- expect: script "chain too long"
-- A field that is looked for in a thousand tables.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for _ = 1, 1900 do t = setmetatable({}, { __index = t }) end
  local _ = t.x
end
return f
