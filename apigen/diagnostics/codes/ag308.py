"""AG308: a join that is no entity with a ref to each side."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG308",
    title="a join that is no entity with a ref to each side",
    why=(
        "Rows of the join are written through its entity, which needs exactly one ref to each "
        "of the two."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Student:
    fields:
      name: str(1..80)
      courses: many(Course) through=Enrolments
  Course:
    fields:
      title: str(1..80)
  Enrolment:
    fields:
      student: ref(Student)
      course: ref(Course)
      grade: int?
""",
    right="""\
apigen: 1
app: shop
entities:
  Student:
    fields:
      name: str(1..80)
  Course:
    fields:
      title: str(1..80)
  Enrolment:
    fields:
      student: ref(Student) inverse=enrolments
      course: ref(Course) inverse=enrolments
      grade: int?
""",
)
