-- A format that cannot render a table, nor emphasis.
local news = require "news"
local failing = news.format { name = "failing", extends = "html" }
function failing.table() error({ "no text" }) end
function failing.emph(emph) return emph.nothing end
return failing
