"""Who may do which work items."""

PERMISSIONS = (
    ("do_read_items", "Can work on meter reads that need a person"),
    ("do_bill_items", "Can work on bills that were held"),
    ("do_payment_items", "Can work on payments that need a person"),
    ("do_run_items", "Can work on what a run could not do"),
    ("forward_items", "Can forward a work item to another person"),
)

# A kind that is not named here may be done by whoever may do run items.
KINDS = {
    "read": "work_items.do_read_items",
    "bill": "work_items.do_bill_items",
    "payment": "work_items.do_payment_items",
    "run": "work_items.do_run_items",
}
