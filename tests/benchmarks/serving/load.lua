-- wrk's side of load.py: sends the requests of a file one after the other, again and again.
--
-- The file holds `<length>\n<request>` pieces. In requests with placeholders, @@@@@@@@@@@@ becomes a
-- number that is never sent twice, and @V@ the version that a row has when every request of the file
-- raises it by one: 1 in the first pass over the file, 2 in the second.

local requests = {}
local at = 0
local pass = 1
local serial = 0
local has_places = false

function init(args)
  local file = assert(io.open(args[1], "rb"))
  serial = tonumber(args[2])
  while true do
    local length = file:read("*l")
    if length == nil then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
  has_places = requests[1]:find("@@@@@@@@@@@@", 1, true) ~= nil
end

function request()
  at = at + 1
  if at > #requests then
    at = 1
    pass = pass + 1
  end
  local text = requests[at]
  if has_places then
    serial = serial + 1
    text = text:gsub("@@@@@@@@@@@@", string.format("%012d", serial)):gsub("@V@", tostring(pass))
  end
  return text
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nMEASURED {"requests": %d, "duration_s": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, ' ..
    '"refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
