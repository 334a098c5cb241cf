-- expect: limit "steps"
-- A quintillion empty strings.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = setmetatable({}, { __index = function() return "" end })
  local _ = table.concat(t, "", 1, math.maxinteger)
end
return f
