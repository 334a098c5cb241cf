-- expect: limit
-- A format that makes itself, by way of a name that it takes only while it runs.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue() news.format { name = "x", extends = "hostile" } end
f.issue = (function(n) return n end)(f.issue)
local function again() news.format { name = "y", extends = "hostile" } return again() end
if pcall(news.format, { name = "z", extends = "hostile" }) then again() end
return f
