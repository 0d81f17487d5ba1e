"""Who opens the ticket form, and what suggestions prevent."""

SENT_HELD_OUT = 0.64
"""Share of forms sent where nothing is suggested."""
SENT_SHOWN = 0.42
"""Share of forms sent where articles are: 22 points fewer, which is what is to be found."""
EFFECT = SENT_HELD_OUT - SENT_SHOWN

OF_TICKETS = 0.94
"""Share of the tickets from the web that came through the form of the help centre."""
SEARCHED_BEFORE = 0.62
"""Share of forms that somebody opens after having searched."""
KEEN_BEFORE = 0.42
"""How much rarer people who then open the form took the right article for the right one."""
OPENED_INSTEAD, OPENED_AND_SENT = 0.66, 0.17
"""Share of those shown articles who open one: of forms not sent, of forms sent."""
TYPED_LEAST = 0.45
"""Of a subject that was not sent, at least this part was typed."""
