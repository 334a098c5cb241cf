-- expect: limit
-- One condition as long as a book.
local x = y
--* 42000 and(y)
