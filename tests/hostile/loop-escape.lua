-- expect: limit 6 "steps"
-- In the escape function, which the writer calls.
local news = require "news"
return news.format {
  name = "hostile", extends = "text",
  escape = function() while true do end end,
}
