-- expect: script 6 "__mode"
-- Weak tables tell when memory was collected.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  setmetatable({}, { __mode = "k" })
end
return f
