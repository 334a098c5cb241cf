-- expect: script "node expected, got nil"
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.paragraph(_, out)
  pcall(out.plain, out)
  out:plain(nil)
end
return f
