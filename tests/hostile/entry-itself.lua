-- expect: script "renders this node inside itself"
-- An entry that writes itself behind a marker of itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.paragraph(paragraph, out) out:entry("- ", news.within(paragraph, "issue")) end
return f
