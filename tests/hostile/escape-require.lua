-- expect: script 6 "no module"
-- A file is no module.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  require "../../etc/passwd"
end
return f
