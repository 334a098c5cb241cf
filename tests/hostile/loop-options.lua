-- expect: limit 5 "steps"
-- While the format is being made.
local news = require "news"
return news.format(setmetatable({ name = "hostile" }, {
  __index = function() while true do end end
}))
